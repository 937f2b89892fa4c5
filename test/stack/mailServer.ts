import { createServer } from 'node:net';
import { freePorts } from './process.ts';

export interface MailServer {
  /** host:port. */
  readonly address: string;
  readonly mails: readonly string[];
  stop(): Promise<void>;
}

/** Takes mail by SMTP (RFC 5321) on loopback and keeps it, as much as Alertmanager needs of the protocol. */
export async function startMailServer(): Promise<MailServer> {
  const [port] = await freePorts(1);
  const mails: string[] = [];
  const server = createServer((socket) => {
    let buffer = '';
    let isData = false;
    const answer = (line: string) => void socket.write(`${line}\r\n`);
    answer('220 test ESMTP');
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => {
      buffer += text;
      for (;;) {
        const end = buffer.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = buffer.slice(0, end);
        buffer = buffer.slice(end + (isData ? 5 : 2));
        if (isData) {
          mails.push(part);
          isData = false;
          answer('250 kept');
        } else if (/^DATA/i.test(part)) {
          isData = true;
          answer('354 send it');
        } else if (/^QUIT/i.test(part)) {
          answer('221 bye');
          socket.end();
        } else answer('250 test');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${port}`,
    mails,
    stop: async () => void (await new Promise((resolve) => server.close(resolve))),
  };
}
