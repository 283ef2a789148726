"""What Redis does with sessions in one step."""

from adapters.redis.link import Script

# KEYS: session, seen, ending. ARGV: digest, when. A session that ended meanwhile stays so.
TOUCH = Script("""
if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('HSET', KEYS[1], 'seen', ARGV[2])
    redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
end
""")

# KEYS: the person's, seen, ending, ended. ARGV: the seconds for which it is remembered what was
# ended; what begins the names of sessions and of ids; ids. Those that were the person's.
END = Script("""
local ended = {}
local now = tonumber(redis.call('TIME')[1])
for place = 4, #ARGV do
    local digest = redis.call('GET', ARGV[3] .. ARGV[place])
    if digest and redis.call('SREM', KEYS[1], digest) == 1 then
        redis.call('DEL', ARGV[2] .. digest, ARGV[3] .. ARGV[place])
        redis.call('ZREM', KEYS[2], digest)
        redis.call('ZREM', KEYS[3], digest)
        redis.call('ZADD', KEYS[4], now, ARGV[place])
        ended[#ended + 1] = ARGV[place]
    end
end
if #ended > 0 then
    redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. now - ARGV[1])
    redis.call('EXPIRE', KEYS[4], ARGV[1] + 1)
end
return ended
""")

# KEYS: seen, ending. ARGV: expired, idle, what begins the names of sessions, of ids, of people's.
# How many were over.
FORGET_OVER = Script("""
local over = {}
local forgotten = 0
for _, digest in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])) do
    over[digest] = true
end
for _, digest in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])) do
    over[digest] = true
end
for digest, _ in pairs(over) do
    local session = redis.call('HMGET', ARGV[3] .. digest, 'id', 'user')
    if session[1] then
        redis.call('DEL', ARGV[3] .. digest, ARGV[4] .. session[1])
        redis.call('SREM', ARGV[5] .. session[2], digest)
        forgotten = forgotten + 1
    end
    redis.call('ZREM', KEYS[1], digest)
    redis.call('ZREM', KEYS[2], digest)
end
return forgotten
""")
