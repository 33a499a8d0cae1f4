"""WeChat: the wire (`codec`, `inbound`, `outbound`) and the API it offers (`api`)."""
