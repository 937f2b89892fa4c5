// Generated from package.json by `npm run render`.
export const version = '0.1.0';
