import 'reflect-metadata';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { CountOrdersHandler, Orders, OrdersController, PlaceOrderHandler } from './orders';

@Module({
  imports: [CqrsModule.forRoot(), EventEmitterModule.forRoot(), ScheduleModule.forRoot()],
  controllers: [OrdersController],
  providers: [Orders, PlaceOrderHandler, CountOrdersHandler],
})
class AppModule {}

/** The application, not yet listening, with what it makes of its decorators: the document of Swagger and the cron jobs. */
export async function createApp(): Promise<{ app: INestApplication; document: unknown; fire(): string[] }> {
  const app = await NestFactory.create(AppModule, { logger: ['error'], abortOnError: false });
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('orders').build());
  const fire = () =>
    [...app.get(SchedulerRegistry).getCronJobs()].map(([name, job]) => {
      void job.fireOnTick();
      return `${name} ${job.cronTime.source}`;
    });
  return { app, document, fire };
}
