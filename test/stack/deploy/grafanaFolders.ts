import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Permission {
  readonly role?: string;
  readonly userLogin?: string;
  readonly team?: string;
  readonly permission: number;
  readonly inherited?: boolean;
}

/** What was asked of it, in order: `GET benchlab-bench`, `POST benchlab-bench`. */
export interface GrafanaFolders {
  readonly url: string;
  readonly asked: string[];
  /** By the uid of the folder. */
  readonly folders: Map<string, readonly Permission[]>;
  stop(): Promise<void>;
}

/**
 * The folder permissions of Grafana as its documentation states them ("Folder Permissions API", Grafana 12.4): a list of
 * permissions to GET, all of them to POST at once. Not Grafana: that it answers so was read, not seen.
 */
export async function startGrafanaFolders(authorization: string, uids: readonly string[]): Promise<GrafanaFolders> {
  const initial: readonly Permission[] = [
    { role: 'Admin', permission: 4 },
    { role: 'Editor', permission: 2 },
    { role: 'Viewer', permission: 1 },
  ];
  const folders = new Map(uids.map((uid) => [uid, initial] as const));
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const answer = (code: number, body: unknown) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const body = await textOf(request);
    if (request.headers.authorization !== authorization) return answer(401, { message: 'Unauthorized' });
    const uid = /^\/api\/folders\/([\w-]+)\/permissions$/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(`${request.method} ${uid}`);
    const held = folders.get(uid);
    if (held === undefined) return answer(404, { message: 'folder not found' });
    if (request.method === 'GET') return answer(200, held);
    if (request.method !== 'POST') return answer(405, { message: 'Method not allowed' });
    const { items } = JSON.parse(body) as { items?: readonly Permission[] };
    if (!items?.every(isPermission)) return answer(400, { message: 'bad request data' });
    // Administrators keep their access with any list.
    folders.set(uid, [{ role: 'Admin', permission: 4 }, ...items]);
    answer(200, { message: 'Folder permissions updated' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    folders,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function isPermission({ role, permission }: Permission): boolean {
  return (role === 'Viewer' || role === 'Editor') && [1, 2, 4].includes(permission);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
