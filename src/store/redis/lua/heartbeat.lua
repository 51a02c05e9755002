#!lua flags=allow-oom
-- What a worker says of itself.
--
-- KEYS  the prefix
-- ARGV  time; owner; then its fields and their values
-- Reply 'drain' when it is to claim no more, else 'ok'
-- Keeps the time of its first sign.
--! engine versions effects

note_program()
local id = ARGV[2]
local key = K .. 'w:' .. id
local running, state, drain = unpack(call('HMGET', key, 'running', 'state', 'drain'))
call('HSET', key, 'last_seen_at', whole(NOW), unpack(ARGV, 3))
call('HSETNX', key, 'started_at', whole(NOW))
call('ZADD', K .. 'workers', NOW, id)
if running ~= call('HGET', key, 'running') or state ~= call('HGET', key, 'state') then changed('w', id) end
commit()
return drain and 'drain' or 'ok'
