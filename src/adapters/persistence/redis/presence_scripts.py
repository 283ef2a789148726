"""What Redis does in one step, on its own clock: those of the nodes may differ.

nodes                 sorted set: node -> when its lease ends, in ms since 1970
node:{node}:people    set: who is connected there
node:{node}:rooms     set: "room user", who has which room open there
buried:{node}         there, if the node was taken for dead
"""

from adapters.redis.link import Script

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

# KEYS: nodes, people, rooms, buried. ARGV: node, lease and life of the sets in ms.
RENEW = Script(
    _NOW
    + """
if redis.call('DEL', KEYS[4]) == 1 then return 'buried' end
local sets = redis.call('PEXPIRE', KEYS[2], ARGV[3]) + redis.call('PEXPIRE', KEYS[3], ARGV[3])
if sets < 2 or not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'lost' end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return 'renewed'
"""
)

# The same after the sets were written, whatever was there before.
BEGIN = Script(
    _NOW
    + """
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
"""
)

# KEYS: nodes. ARGV: node, what begins the names of sets, which set, members. The places of those
# members that stand in the set of another node which is alive.
ELSEWHERE = Script(
    _NOW
    + """
local places = {}
local members = {unpack(ARGV, 4)}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
    if node ~= ARGV[1] then
        local hits = redis.call('SMISMEMBER', ARGV[2] .. node .. ':' .. ARGV[3], unpack(members))
        for place, hit in ipairs(hits) do
            if hit == 1 then places[#places + 1] = place end
        end
    end
end
return places
"""
)

# KEYS: nodes. ARGV: the node that asks, what begins the names of sets and of graves, how long a
# grave is kept in ms. People and rooms of each node whose lease has ended; whoever gets them is
# the only one. Nobody buries themselves: that they are late, their next renewal makes good.
BURY = Script(
    _NOW
    + """
local dead = {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
    if node ~= ARGV[1] then
        local people, rooms = ARGV[2] .. node .. ':people', ARGV[2] .. node .. ':rooms'
        dead[#dead + 1] = {redis.call('SMEMBERS', people), redis.call('SMEMBERS', rooms)}
        redis.call('DEL', people, rooms)
        redis.call('ZREM', KEYS[1], node)
        redis.call('SET', ARGV[3] .. node, '', 'PX', ARGV[4])
    end
end
return dead
"""
)
