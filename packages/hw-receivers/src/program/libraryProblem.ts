import { messageOf } from '@benchlab-otel/core';

/**
 * Why a shared library cannot be loaded into this process, in the words of the loader. Undefined when it can. No function of
 * it is called.
 *
 * @param name as the loader takes it: `libnvidia-ml.so.1`
 */
export async function libraryProblem(name: string): Promise<string | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    koffi.load(name).unload();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
