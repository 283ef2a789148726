// A chat on Socket.IO: what one says is emitted to all, and stored nowhere. Like its own tutorial,
// with an answer to the sender.
//
//     socketio_broadcast.mjs PORT
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((request, response) => response.end('ready'));
// The crowd answers no pings.
const room = new Server(http, { transports: ['websocket'], pingInterval: 300_000 });

room.on('connection', (socket) => {
  socket.on('post', (message, answer) => {
    room.emit('message', message);
    answer('ok');
  });
});

http.listen(Number(process.argv[2]), '127.0.0.1');
