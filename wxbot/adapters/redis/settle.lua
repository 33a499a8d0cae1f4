-- Takes an entry off the queue and does what follows from it; nothing if another worker holds the entry by now.
-- KEYS: jobs, then every other key that is touched.
-- ARGV: group, entry id, worker ('' whoever holds it), then commands as in commit.lua.
local held = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not held or (ARGV[3] ~= '' and held[2] ~= ARGV[3]) then
  return 0
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
local at = 4
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
