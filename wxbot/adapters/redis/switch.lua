-- Does what follows from an announcement, if that still holds.
-- KEYS: the announcement, then every other key that is touched. ARGV: its value, then commands as in commit.lua.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
local at = 2
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
