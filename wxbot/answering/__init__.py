"""
Text in, ranked entries out.

Knows no WeChat, no session, no YAML. Pure once an index is built; `segment` alone imports jieba.
"""
