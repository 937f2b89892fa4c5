import type { Socket } from 'node:net';
import { type BenchlabError, type Clock, messageOf } from '@benchlab-otel/core';
import { KeptSocket, LineSplitter } from '@benchlab-otel/wire';
import type { Peer, PeerOf } from './peerCredentials.ts';

/** The socket on which an agent takes orders, next to that of its samples: /run/benchlab/agent.control.sock. */
export function controlPath(busPath: string): string {
  return `${busPath.replace(/\.sock$/, '')}.control.sock`;
}

export interface ControlSocketOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly peerOf: PeerOf;
  /** The user of this process. Root and this user may give orders. */
  readonly ownUid: number;
  /** Carries out an order. What it resolves to is answered as JSON. */
  reload(actor: Peer): Promise<object>;
  lost(error: BenchlabError): void;
}

/** Time for a program to send its order, ms; orders at one time; bytes of an order. */
const [requestMs, mostOpen, maxOrderBytes] = [5_000, 4, 256];
/** Time for a program to take its answer, ms. */
const graceMs = 1_000;

/** Takes orders of root and of the user of this process, whose identity the kernel states; others are refused with the reason. */
export class ControlSocket {
  readonly #options: ControlSocketOptions;
  readonly #kept: KeptSocket;
  readonly #connections = new Set<Socket>();
  /** Those whose order is awaited or carried out. */
  readonly #open = new Set<Socket>();

  constructor(options: ControlSocketOptions) {
    this.#options = options;
    const { path, clock, lost } = options;
    const connected = (socket: Socket) => this.#connected(socket);
    this.#kept = new KeptSocket({ path, otherPath: 'another path: --socket PATH', clock, connected, lost });
  }

  start(): Promise<void> {
    return this.#kept.start();
  }

  async stop(): Promise<void> {
    const closed = this.#kept.stop();
    for (const socket of this.#connections) socket.destroy();
    await closed;
  }

  #connected(socket: Socket): void {
    this.#connections.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#connections.delete(socket);
      this.#open.delete(socket);
    });
    const actor = this.#options.peerOf(socket);
    const error = this.#refusal(actor);
    if (error !== undefined) answer(socket, { error });
    else if (actor !== undefined) {
      this.#open.add(socket);
      this.#take(socket, actor);
    }
  }

  #refusal(actor: Peer | undefined): string | undefined {
    const { ownUid } = this.#options;
    if (this.#open.size >= mostOpen) return `${mostOpen} orders wait already. Try it again.`;
    if (actor === undefined) return 'The kernel does not state which user this is.';
    if (actor.uid === 0 || actor.uid === ownUid) return undefined;
    return `The user ${actor.uid} may not give orders to this agent. Root and the user ${ownUid} may.`;
  }

  #take(socket: Socket, actor: Peer): void {
    const lines = new LineSplitter(maxOrderBytes);
    const timer = setTimeout(() => answer(socket, { error: 'No order came.' }), requestMs);
    timer.unref();
    socket.on('close', () => clearTimeout(timer));
    socket.on('data', (bytes) => {
      const [line] = lines.push(bytes);
      if (line === undefined && bytes.length < maxOrderBytes) return;
      clearTimeout(timer);
      socket.removeAllListeners('data');
      void this.#obey(socket, line, actor);
    });
  }

  async #obey(socket: Socket, order: string | undefined, actor: Peer): Promise<void> {
    try {
      answer(socket, order === 'reload' ? await this.#options.reload(actor) : { error: 'The only order is: reload' });
    } catch (error) {
      answer(socket, { error: messageOf(error) });
    }
  }
}

/** Ends the connection, also when the other side sends on or does not read. */
function answer(socket: Socket, result: object): void {
  socket.end(`${JSON.stringify(result)}\n`);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), graceMs).unref();
  socket.on('close', () => clearTimeout(timer));
}
