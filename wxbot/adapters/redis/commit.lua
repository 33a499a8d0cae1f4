-- One turn, all or nothing: unless somebody was faster, or this message was answered meanwhile, or something that the
-- turn makes exists already under that name. What nearly every turn writes has a place of its own: passing a word costs
-- about as much as anything that is done with it.
-- KEYS: session, stored reply, statistics of the day, log of questions, window, then keys that must not exist, then
--   every other that is touched.
-- ARGV: version the turn was decided on; session, its lifetime (s); reply, its lifetime; what to count, lifetime of the
--   statistics; window ('' opens none), its lifetime; how many keys must not exist; oldest question to keep
--   (unix ms), how many come; each of these; then commands, each as its number of words and the words.
local call = redis.call
local head = call('GETRANGE', KEYS[1], 0, 15)
if (string.match(head, '^%d+') or '0') ~= ARGV[1] then
  return 0
end
for i = 6, 5 + ARGV[10] do
  if call('EXISTS', KEYS[i]) == 1 then
    return 0
  end
end
if not call('SET', KEYS[2], ARGV[4], 'NX', 'EX', ARGV[5]) then
  return 0
end
call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
if call('HINCRBY', KEYS[3], ARGV[6], 1) == 1 then
  call('EXPIRE', KEYS[3], ARGV[7])
end

local at = 13 + ARGV[12]
for i = 13, at - 1 do
  call('XADD', KEYS[4], 'MINID', '~', ARGV[11], '*', 'question', ARGV[i])
end
local last = #ARGV
while at <= last do
  local words = tonumber(ARGV[at])
  call(unpack(ARGV, at + 1, at + words))
  at = at + words + 1
end
if ARGV[8] ~= '' then
  call('SET', KEYS[5], ARGV[8], 'EX', ARGV[9])
end
return 1
