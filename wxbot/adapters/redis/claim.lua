-- Due timers become jobs; then whatever a dead worker left is taken over; then what is new is taken.
-- KEYS: jobs, timers, timer jobs. ARGV: group, worker, now (unix seconds), limit, idle (ms), timers moved at most.
-- Returns {entries as {id, queued job, times taken}, due time of the next timer or false}.
local jobs, timers, timer_jobs = KEYS[1], KEYS[2], KEYS[3]
local group, worker, limit = ARGV[1], ARGV[2], tonumber(ARGV[4])

for _, timer in ipairs(redis.call('ZRANGE', timers, '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[6])) do
  local queued = redis.call('HGET', timer_jobs, timer)
  if queued then
    redis.call('XADD', jobs, '*', 'job', queued)
  end
  redis.call('HDEL', timer_jobs, timer)
  redis.call('ZREM', timers, timer)
end

local taken = {}
for _, left in ipairs(redis.call('XPENDING', jobs, group, 'IDLE', ARGV[5], '-', '+', limit)) do
  local entry = redis.call('XCLAIM', jobs, group, worker, ARGV[5], left[1])[1]
  if entry then
    taken[#taken + 1] = {entry[1], entry[2][2], left[4] + 1}
  end
end
if #taken < limit then
  local fresh = redis.call('XREADGROUP', 'GROUP', group, worker, 'COUNT', limit - #taken, 'STREAMS', jobs, '>')
  for _, entry in ipairs(fresh and fresh[1][2] or {}) do
    taken[#taken + 1] = {entry[1], entry[2][2], 1}
  end
end
return {taken, redis.call('ZRANGE', timers, 0, 0, 'WITHSCORES')[2] or false}
