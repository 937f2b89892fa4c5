// What ../here.js is to ES modules: CommonJS has no import.meta.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

exports.here = pathToFileURL(join(__dirname, '../here.js')).href;
