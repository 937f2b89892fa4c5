export default {
  serverExternalPackages: ['@benchlab-otel/core', '@benchlab-otel/node', '@benchlab-otel/sdk'],
  experimental: { serverMinification: false },
};
