import { freshDatabase } from '../../stores/postgres/server.ts'
import { testRefusedReports } from './refused-report.ts'

testRefusedReports(freshDatabase)
