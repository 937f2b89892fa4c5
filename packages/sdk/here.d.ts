/** The address of a file in the root of this package. Undefined in a bundle of CommonJS. */
export const here: string | undefined;
