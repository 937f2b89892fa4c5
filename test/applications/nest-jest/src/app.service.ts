import { Span } from '@benchlab-otel/sdk';
import { Injectable } from '@nestjs/common';

@Injectable()
export class AppService {
  @Span('hello')
  getHello(): string {
    return 'Hello World!';
  }
}
