import { inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import { Test, TestingModule } from '@nestjs/testing';
import { AppController } from './app.controller';
import { AppService } from './app.service';

describe('AppController', () => {
  let appController: AppController;

  beforeEach(async () => {
    const app: TestingModule = await Test.createTestingModule({
      controllers: [AppController],
      providers: [AppService],
    }).compile();
    appController = app.get<AppController>(AppController);
  });

  it('returns "Hello World!" without an SDK', () => {
    expect(appController.getHello()).toBe('Hello World!');
  });

  it('makes a span of the handler with that of the service beneath it', async () => {
    const telemetry = inMemoryTelemetry();
    appController.getHello();
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['hello', 'AppController.getHello']);
    await telemetry.shutdown();
  });

  it('answers over HTTP', async () => {
    const module = await Test.createTestingModule({ controllers: [AppController], providers: [AppService] }).compile();
    const app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');
    expect(await (await fetch(await app.getUrl())).text()).toBe('Hello World!');
    await app.close();
  });
});
