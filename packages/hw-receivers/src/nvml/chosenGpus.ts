/** The GPUs that are read, each by its index as NVML counts them or by its UUID. Undefined: all. */
export type GpuChoice = readonly (number | string)[] | undefined;

export function isChosen(choice: GpuChoice, index: number, uuid: string): boolean {
  return choice === undefined || choice.includes(index) || choice.includes(uuid);
}

/** The ones that were chosen and are not there. */
export function missingGpus(
  choice: GpuChoice,
  there: readonly { readonly index: number; readonly uuid: string }[],
): readonly (number | string)[] {
  return (choice ?? []).filter((wanted) => !there.some(({ index, uuid }) => wanted === index || wanted === uuid));
}
