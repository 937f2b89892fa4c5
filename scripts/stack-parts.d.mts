export declare const stackFolder: string;
/** The path of an installed program, whether it is there or not: `binary('promtool')`, `binary('python')`. */
export declare function binary(name: string): string;
