/** The address of this file, from where the package's own files and its peers are found. */
export const here = import.meta.url;
