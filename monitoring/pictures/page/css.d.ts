// esbuild puts style sheets that are imported into one file.
declare module '*.css';
