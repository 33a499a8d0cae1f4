-- The driver goes, and takes the entry off the queue, if the lane is empty; in one step, so that nobody is left behind.
-- KEYS: jobs, lane, driver. ARGV: group, entry id. Returns 1, or 0 when there is more to send.
if redis.call('LLEN', KEYS[2]) > 0 then
  return 0
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
if redis.call('GET', KEYS[3]) == ARGV[2] then
  redis.call('DEL', KEYS[3])
end
return 1
