// A chat on `ws`: what one says is sent to each, and stored nowhere. Like its own example of a
// broadcast, with an answer to the sender.
//
//     ws_broadcast.mjs PORT
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

const http = createServer((request, response) => response.end('ready'));
const room = new WebSocketServer({ server: http, path: '/ws', perMessageDeflate: false });

room.on('connection', (socket) => {
  socket.on('message', (data) => {
    const said = JSON.parse(data);
    if (said.type === 'hello') return socket.send('{"id":0,"type":"hello"}');
    const message = JSON.stringify({ type: 'message', message: said });
    for (const client of room.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(message);
    }
    socket.send(`{"id":${said.id},"type":"ok"}`);
  });
});

http.listen(Number(process.argv[2]), '127.0.0.1');
