import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { freePorts, installed, type RunningServer, startServer } from '../stack/process.ts';

const run = promisify(execFile);

export interface KubernetesApi {
  /** Runs kubectl against it; rejects with what it wrote to stderr. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * The API server of Kubernetes on etcd, with its shipped admission (Pod Security among it), and nothing behind it: objects are
 * checked and stored, and no pod starts.
 */
export async function startKubernetesApi(): Promise<KubernetesApi> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-kubernetes-'));
  const [client, peer, port] = await freePorts(3);
  const servers: RunningServer[] = [];
  const stop = async () => {
    for (const server of servers.splice(0).reverse()) await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const local = (number: number | undefined) => `http://127.0.0.1:${number}`;
    servers.push(
      await startServer({
        program: 'etcd',
        args: () => [
          `--data-dir=${join(folder, 'etcd')}`,
          `--listen-client-urls=${local(client)}`,
          `--advertise-client-urls=${local(client)}`,
          `--listen-peer-urls=${local(peer)}`,
          `--initial-advertise-peer-urls=${local(peer)}`,
          `--initial-cluster=default=${local(peer)}`,
        ],
        readyUrl: `${local(client)}/health`,
      }),
    );
    const key = join(folder, 'accounts.key');
    await run(systemProgram('openssl'), ['genrsa', '-out', key, '2048']);
    const token = 'a-token-of-this-test';
    const tokens = join(folder, 'tokens.csv');
    await writeFile(tokens, `${token},admin,admin,system:masters\n`);
    servers.push(
      await startServer({
        program: 'kube-apiserver',
        args: () => [
          `--etcd-servers=${local(client)}`,
          '--bind-address=127.0.0.1',
          '--advertise-address=127.0.0.1',
          `--secure-port=${port}`,
          `--cert-dir=${join(folder, 'certificates')}`,
          '--service-cluster-ip-range=10.0.0.0/24',
          '--service-account-issuer=https://kubernetes.default.svc',
          `--service-account-key-file=${key}`,
          `--service-account-signing-key-file=${key}`,
          `--token-auth-file=${tokens}`,
          '--authorization-mode=RBAC',
        ],
        readyUrl: '',
        isReady: () => isReady(port, token),
      }),
    );
    const flags = [`--server=https://127.0.0.1:${port}`, '--insecure-skip-tls-verify', `--token=${token}`];
    return {
      async kubectl(args, input) {
        const started = run(installed('kubectl'), [...args, ...flags], {
          maxBuffer: 64 * 1024 * 1024,
          // No configuration of the person who runs this.
          env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'none') },
        });
        started.child.stdin?.end(input);
        const { stdout, stderr } = await started;
        return `${stdout}${stderr}`;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isReady(port: number | undefined, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request(`https://127.0.0.1:${port}/readyz`, { headers, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    sent.once('error', () => resolve(false));
    sent.end();
  });
}
