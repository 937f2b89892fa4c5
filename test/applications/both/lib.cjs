const sdk = require('@benchlab-otel/sdk');

exports.sdk = sdk;
exports.charge = sdk.spanned('charge', () => {
  throw new RangeError('declined');
});
