'use strict';

const cluster = require('node:cluster');
const { errorMonitor } = require('node:events');
const { Server } = require('node:net');
const { callers } = require('./report.cjs');

/** Watches ports: those that are in use, and metrics pages in workers of a cluster, which share a port. */
exports.observe = function observe(report) {
  const { isWorker } = cluster;
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...given) {
    const by = callers();
    // This listener does not count as one that handles the error.
    this.once(errorMonitor, (error) => {
      if (error?.code === 'EADDRINUSE') report({ kind: 'port-in-use', port: error.port, address: error.address, by });
    });
    if (isWorker) {
      this.once('listening', () => {
        const address = this.address();
        if (address && typeof address === 'object') report({ kind: 'listening', port: address.port, by });
      });
    }
    return listen.apply(this, given);
  };
};
