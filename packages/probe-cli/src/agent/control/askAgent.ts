import { connect } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';

/** A reload stops receivers, each within seconds, and starts others. */
const answerMs = 60_000;
const maxAnswerBytes = 1024 * 1024;

/**
 * Gives an order to a running agent, and resolves to what it answered.
 *
 * @throws BenchlabError NO_DEVICE where no agent takes orders, NO_PERMISSION, BAD_REPLY, TIMEOUT
 */
export function askAgent(path: string, order: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    const failed = (error: BenchlabError) => {
      socket.destroy();
      reject(error);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(answerMs, () => {
      failed(new BenchlabError('TIMEOUT', `The agent at ${path} does not answer.`, 'Look at its log.'));
    });
    socket.on('connect', () => socket.write(`${order}\n`));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.length > maxAnswerBytes) failed(badAnswer(path));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => failed(connectError(path, error)));
    socket.on('end', () => {
      const answer = parsed(text);
      if (answer === undefined) failed(badAnswer(path));
      else resolve(answer);
    });
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function badAnswer(path: string): BenchlabError {
  return new BenchlabError('BAD_REPLY', `What listens at ${path} does not answer as an agent.`, 'Look at its log.');
}

function connectError(path: string, error: NodeJS.ErrnoException): BenchlabError {
  const cause = { cause: error };
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const fix = 'Run it as root or as the user of the agent.';
    return new BenchlabError('NO_PERMISSION', `This user may not connect to ${path}.`, fix, cause);
  }
  const what = `No agent takes orders at ${path} (${error.code ?? error.message}).`;
  return new BenchlabError(
    'NO_DEVICE',
    what,
    'Start it (benchlab-probe agent), or name its socket with --socket.',
    cause,
  );
}
