import { Observed } from '@benchlab-otel/sdk';
import { Controller, Get } from '@nestjs/common';
import { AppService } from './app.service';

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Get()
  @Observed
  getHello(): string {
    return this.appService.getHello();
  }
}
