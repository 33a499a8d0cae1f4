-- One turn, all or nothing: unless somebody was faster, or this message was answered meanwhile.
-- KEYS: session, stored reply, then every other key that is touched.
-- ARGV: version the turn was decided on, then commands, each as its number of words and the words.
if (redis.call('HGET', KEYS[1], 'v') or '0') ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
local at = 2
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
