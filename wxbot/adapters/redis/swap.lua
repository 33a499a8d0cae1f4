-- Applies commands if some values are still what they were.
-- KEYS: of the values, then every other key that is touched.
-- ARGV: how many values, what each was ('' for none), then commands as in commit.lua.
local values = tonumber(ARGV[1])
for i = 1, values do
  if (redis.call('GET', KEYS[i]) or '') ~= ARGV[i + 1] then
    return 0
  end
end
local at = values + 2
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  redis.call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
return 1
