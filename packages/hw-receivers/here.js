/** The address of this file. Compiled files of both builds are as deep as their sources, and find their own by one path. */
export const here = import.meta.url;
