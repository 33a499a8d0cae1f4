-- One turn, all or nothing: unless somebody was faster, or this message was answered meanwhile, or something that the
-- turn makes exists already under that name.
-- KEYS: session, stored reply, statistics of the day, then keys that must not exist, then every other that is touched.
-- ARGV: version the turn was decided on; session, its lifetime (s); reply, its lifetime; lifetime of the statistics,
--   how many counters; how many keys must not exist; name and count of each counter; then commands, each as its number
--   of words and the words.
local session = redis.call('GET', KEYS[1])
if (session and string.match(session, '^%d+') or '0') ~= ARGV[1] then
  return 0
end
for i = 4, 3 + ARGV[8] do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    return 0
  end
end
if not redis.call('SET', KEYS[2], ARGV[4], 'NX', 'EX', ARGV[5]) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])

local at = 9
for _ = 1, ARGV[7] do
  redis.call('HINCRBY', KEYS[3], ARGV[at], ARGV[at + 1])
  at = at + 2
end
redis.call('EXPIRE', KEYS[3], ARGV[6])

while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
