-- A message takes its place in its user's lane; who finds nobody sending there drives, others are taken along.
-- KEYS: jobs, lane, driver. ARGV: group, entry id, worker, job, its id, lifetime of the driver's mark (s).
-- Returns 'lost' when another worker holds the entry, 'riding' when it is settled because somebody drives, or 'driving'.
local jobs, group, id = KEYS[1], ARGV[1], ARGV[2]
local held = redis.call('XPENDING', jobs, group, id, id, 1)[1]
if not held or held[2] ~= ARGV[3] then
  return 'lost'
end
-- Its id tells whether it lies there already: another version of ours writes it with other bytes.
local place
for i, waiting in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local is_json, entry = pcall(cjson.decode, waiting)
  if is_json and type(entry) == 'table' and entry.id == ARGV[5] then
    place = i - 1
  end
end
if place then
  redis.call('LSET', KEYS[2], place, ARGV[4])
else
  redis.call('RPUSH', KEYS[2], ARGV[4])
end
-- Whoever drives has not settled their entry: a dead driver's is handed out again, and with it the lane.
local driver = redis.call('GET', KEYS[3])
if driver and driver ~= id and redis.call('XPENDING', jobs, group, driver, driver, 1)[1] then
  redis.call('XACK', jobs, group, id)
  redis.call('XDEL', jobs, id)
  return 'riding'
end
redis.call('SET', KEYS[3], id, 'EX', ARGV[6])
return 'driving'
