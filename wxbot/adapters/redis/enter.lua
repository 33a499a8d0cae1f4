-- A message takes its place in its user's lane; who finds nobody sending there drives, others are taken along.
-- KEYS: jobs, lane, driver. ARGV: group, entry id, worker, job, lifetime of the driver's mark (s).
-- Returns 'lost' when another worker holds the entry, 'riding' when it is settled because somebody drives, or 'driving'.
local jobs, group, id = KEYS[1], ARGV[1], ARGV[2]
local held = redis.call('XPENDING', jobs, group, id, id, 1)[1]
if not held or held[2] ~= ARGV[3] then
  return 'lost'
end
if not redis.call('LPOS', KEYS[2], ARGV[4]) then
  redis.call('RPUSH', KEYS[2], ARGV[4])
end
-- Whoever drives has not settled their entry: a dead driver's is handed out again, and with it the lane.
local driver = redis.call('GET', KEYS[3])
if driver and driver ~= id and redis.call('XPENDING', jobs, group, driver, driver, 1)[1] then
  redis.call('XACK', jobs, group, id)
  redis.call('XDEL', jobs, id)
  return 'riding'
end
redis.call('SET', KEYS[3], id, 'EX', ARGV[5])
return 'driving'
