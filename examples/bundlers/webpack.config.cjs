const { resolve } = require('node:path');
const TerserPlugin = require('terser-webpack-plugin');

module.exports = {
  mode: 'production',
  target: 'node20',
  entry: './shop.ts',
  output: { path: resolve('dist'), filename: 'shop.cjs' },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader' }] },
  // What npm installed is loaded from node_modules: all that does not begin with a dot or a slash.
  externals: [({ request }, done) => (/^[./]/.test(request) ? done() : done(null, `commonjs ${request}`))],
  optimization: {
    // Else Orders.run and Users.run are one series.
    minimizer: [new TerserPlugin({ terserOptions: { keep_classnames: true, keep_fnames: true } })],
  },
};
