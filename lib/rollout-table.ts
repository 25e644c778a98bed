// The table of leases, latches, rollouts, service records and evidence.
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** Sparse: only rollouts that have not ended, or that are watched after their end, carry the attribute. */
const ACTIVE_INDEX = 'active';

export class RolloutTable extends Construct {
  readonly table: Table;
  readonly activeIndexArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Encryption stays with the key that DynamoDB owns: a key of ours would be one more thing a rollback can fail on.
    this.table = new Table(this, 'Resource', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // a first deployment that fails may still clean up; afterwards the record outlives the stack
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: ACTIVE_INDEX,
      partitionKey: { name: ACTIVE_INDEX, type: AttributeType.STRING },
      sortKey: { name: 'pk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.activeIndexArn = `${this.table.tableArn}/index/${ACTIVE_INDEX}`;
  }
}
