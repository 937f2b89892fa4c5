import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

/** A connection that is still open after this is closed by the attacker, ms. */
const patienceMs = 500;

/** Resolves to what came back, when the other side closed the connection or patience ended. */
export function sendRaw(to, bytes, patience = patienceMs) {
  return new Promise((resolve) => {
    const socket = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to);
    let text = '';
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (text.length < 1000) text += chunk.toString('latin1');
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(bytes);
  });
}

export function sendGrpc(port, path, headers, body) {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const end = () => {
      clearTimeout(timer);
      session.destroy();
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    session.on('error', end);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => undefined);
    stream.on('close', end);
    stream.resume();
    stream.end(body);
  });
}
