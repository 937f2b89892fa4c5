import type { Socket } from 'node:net';

/** The process at the other end of a Unix socket, as the kernel noted it when it connected. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export type PeerOf = (socket: Socket) => Peer | undefined;

// asm-generic/socket.h; `struct ucred` of unix(7): pid, uid and gid, each 4 bytes.
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const ucredBytes = 12;

/** Asks the kernel through libc: Node has no call for it. Rejects where koffi cannot be loaded. */
export async function peerCredentials(): Promise<PeerOf> {
  const { default: koffi } = await import('koffi');
  const getsockopt = koffi
    .load(null)
    .func('int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)');
  return (socket) => {
    const fd = descriptorOf(socket);
    if (fd === undefined) return undefined;
    const value = Buffer.alloc(ucredBytes);
    const length = [ucredBytes];
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, length) !== 0 || length[0] !== ucredBytes) return undefined;
    return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) };
  };
}

/** The handle of a socket in Node has its descriptor. It is not documented: without it there is no answer. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: unknown } };
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}
