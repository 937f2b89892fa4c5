/** A file that a tool has made. */
export interface ToolOutput {
  /** As the caller named it. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Undefined where the file is not there, or cannot be read. It is read in pieces. */
export async function hashedFile(path: string, cwd = '.'): Promise<ToolOutput | undefined> {
  // Not imported: bundlers for browsers stop at these.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { createReadStream, promises } = process.getBuiltinModule('node:fs');
  const { resolve } = process.getBuiltinModule('node:path');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    const at = resolve(cwd, path);
    // A pipe would be read without end.
    if (!(await promises.stat(at)).isFile()) return undefined;
    for await (const bytes of createReadStream(at) as AsyncIterable<Buffer>) {
      hash.update(bytes);
      sizeBytes += bytes.length;
    }
  } catch {
    return undefined;
  }
  return { path, sha256: hash.digest('hex'), sizeBytes };
}
