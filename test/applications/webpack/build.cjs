const { resolve } = require('node:path');
const TerserPlugin = require('terser-webpack-plugin');
const webpack = require('webpack');

const terserOptions = { keep_classnames: true, keep_fnames: true };
const compiler = webpack({
  mode: 'production',
  target: 'node20',
  entry: './shop.ts',
  output: { path: resolve('dist'), filename: 'main.cjs' },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }] },
  optimization: { minimizer: [new TerserPlugin({ terserOptions })] },
});
compiler.run((error, stats) => {
  if (error) throw error;
  if (!stats.hasErrors()) return;
  console.error(stats.toString('errors-only'));
  process.exitCode = 1;
});
