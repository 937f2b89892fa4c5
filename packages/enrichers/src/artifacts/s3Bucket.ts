import type { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import { BenchlabError, isObject, messageOf } from '@benchlab-otel/core';

interface Reach {
  readonly endpoint?: string;
  readonly region?: string;
  readonly timeoutMs: number;
}

/** An object as its bucket lists it. */
export interface S3Object {
  readonly key: string;
  readonly sizeBytes: number;
  readonly storedMs: number;
}

/** A request with a body has a second more for each of these. */
const leastBytesPerSecond = 1e6;

/** The requests that are needed, each within a time. The SDK is loaded with the first of them. */
export class S3Bucket {
  readonly name: string;
  readonly #reach: Reach;
  #sdk: Promise<{ readonly sdk: typeof S3; readonly client: S3.S3Client }> | undefined;
  /** Servers that do not know checksums of SHA-256 refuse a request that has one. */
  #knowsChecksums = true;

  constructor(name: string, reach: Reach) {
    this.name = name;
    this.#reach = reach;
  }

  /** Undefined where the object is not there. */
  async head(key: string): Promise<Omit<S3Object, 'key'> | undefined> {
    const { sdk, client } = await this.#loaded();
    const command = new sdk.HeadObjectCommand({ Bucket: this.name, Key: key });
    const head = await absent(client.send(command, this.#within(0)));
    return head && { sizeBytes: head.ContentLength ?? 0, storedMs: head.LastModified?.getTime() ?? 0 };
  }

  /** Undefined where the object is not there. */
  async get(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { sdk, client } = await this.#loaded();
    const { timeoutMs } = this.#reach;
    // Its size is known with the answer: the time for the body begins then.
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const command = new sdk.GetObjectCommand({ Bucket: this.name, Key: key });
    const got = await absent(client.send(command, { abortSignal: control.signal })).finally(() => clearTimeout(timer));
    const body = got?.Body as Readable | undefined; // in Node it is one
    return body && timed(body, timeoutMs + ((got?.ContentLength ?? 0) / leastBytesPerSecond) * 1_000);
  }

  /** @param checked what the server compares with what it gets, where it can */
  async put(
    key: string,
    body: string | (() => Readable),
    checked?: { readonly sha256: string; readonly sizeBytes: number },
  ): Promise<void> {
    const { sdk, client } = await this.#loaded();
    const hasChecksum = checked !== undefined && this.#knowsChecksums;
    const input: S3.PutObjectCommandInput = {
      Bucket: this.name,
      Key: key,
      Body: typeof body === 'string' ? body : body(),
      ...(checked && { ContentLength: checked.sizeBytes }),
      ...(hasChecksum && { ChecksumSHA256: Buffer.from(checked.sha256, 'hex').toString('base64') }),
    };
    try {
      await client.send(new sdk.PutObjectCommand(input), this.#within(checked?.sizeBytes ?? 0));
    } catch (error) {
      const status = statusOf(error);
      if (!hasChecksum || (status !== 400 && status !== 501)) throw plain(error);
      this.#knowsChecksums = false;
      await this.put(key, body, checked);
    }
  }

  async remove(key: string): Promise<void> {
    const { sdk, client } = await this.#loaded();
    const command = new sdk.DeleteObjectCommand({ Bucket: this.name, Key: key });
    await absent(client.send(command, this.#within(0)));
  }

  /** Objects directly below a prefix. */
  async *list(prefix: string): AsyncGenerator<S3Object> {
    const { sdk, client } = await this.#loaded();
    const of = { Bucket: this.name, Prefix: prefix, Delimiter: '/' };
    let token: string | undefined;
    do {
      const command = new sdk.ListObjectsV2Command({ ...of, ...(token !== undefined && { ContinuationToken: token }) });
      const page = await client.send(command, this.#within(0)).catch((error: unknown) => {
        throw plain(error);
      });
      for (const { Key: key, Size: sizeBytes = 0, LastModified } of page.Contents ?? []) {
        if (key !== undefined) yield { key, sizeBytes, storedMs: LastModified?.getTime() ?? 0 };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  #within(bytes: number): { readonly abortSignal: AbortSignal } {
    const ms = this.#reach.timeoutMs + (bytes / leastBytesPerSecond) * 1_000;
    return { abortSignal: AbortSignal.timeout(Math.ceil(ms)) };
  }

  #loaded() {
    this.#sdk ??= loaded(this.#reach).catch((error: unknown) => {
      this.#sdk = undefined;
      throw error;
    });
    return this.#sdk;
  }
}

/** With `try` next to it, bundlers accept that the package is not installed. */
async function loaded({ endpoint, region }: Reach) {
  let sdk: typeof S3;
  try {
    sdk = await import('@aws-sdk/client-s3');
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n');
    const what = `s3Artifacts() cannot load @aws-sdk/client-s3: ${why}.`;
    throw new BenchlabError('UNSUPPORTED', what, 'npm install @aws-sdk/client-s3.', { cause: error });
  }
  const client = new sdk.S3Client({
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    region: region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    // Those that the SDK adds by itself are refused by many servers; ours are given where they are wanted.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

/** Undefined where the server has no such object. */
async function absent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404 && !/NoSuchBucket/.test(nameOf(error))) return undefined;
    throw plain(error);
  }
}

/** Some errors of the SDK have a name and no message. */
function plain(error: unknown): Error {
  const status = statusOf(error);
  const text = [nameOf(error), messageOf(error)].filter((each, k, all) => each !== '' && all.indexOf(each) === k);
  return new Error(`${text.join(': ')}${status === undefined ? '' : ` (HTTP ${status})`}`, { cause: error });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function statusOf(error: unknown): number | undefined {
  const metadata = isObject(error) ? error.$metadata : undefined;
  const status = isObject(metadata) ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** A body that is not over within its time ends with an error. */
async function* timed(body: Readable, ms: number): AsyncGenerator<Uint8Array> {
  const timer = setTimeout(() => body.destroy(new Error(`the body did not end within ${Math.round(ms)} ms`)), ms);
  try {
    yield* body;
  } finally {
    clearTimeout(timer);
  }
}
