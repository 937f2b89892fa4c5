import 'reflect-metadata';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Orders, OrdersController } from './orders.ts';

@Module({ controllers: [OrdersController], providers: [Orders] })
class AppModule {}

/** The application, not yet listening. */
export function createApp(): Promise<INestApplication> {
  return NestFactory.create(AppModule, { logger: ['error', 'warn'], abortOnError: false });
}
