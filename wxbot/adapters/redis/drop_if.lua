-- Forgets a value if it is still this one. KEYS: the value's. ARGV: the value.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
