# Tells SNS and AWX when a SageMaker domain is created or updated, and checks DockerSettings with AWS Config.
# SPDX-License-Identifier: GPL-3.0-or-later

terraform {
  required_providers {
    archive = {
      source = "hashicorp/archive"
    }
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "notification_email" {
  type        = string
  default     = ""
  description = "An address that gets the messages. Without it, subscribe to the topic of the outputs"
}

variable "awx_launch_url" {
  type        = string
  default     = ""
  description = "https://AWX/api/v2/job_templates/ID/launch/ of the drift audit. EventBridge must reach it, with a public certificate"
}

variable "awx_token" {
  type        = string
  default     = ""
  sensitive   = true
  description = "A token of AWX with the scope Write, of a user who may execute the template"
}

variable "config_rule" {
  type        = bool
  default     = false
  description = "Whether to create the AWS Config rule. AWS Config must be set up in the region"
}

variable "enable_docker_access" {
  type        = string
  default     = "true"
  description = "What the Config rule requires of EnableDockerAccess: true, false or unchanged. It does not compare what is unchanged"
}

variable "rootless_docker" {
  type        = string
  default     = "unchanged"
  description = "What the Config rule requires of RootlessDocker: true, false or unchanged"
}

variable "trusted_accounts" {
  type        = string
  default     = "unchanged"
  description = "What the Config rule requires of VpcOnlyTrustedAccounts, with commas; none for an empty list"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  awx         = var.awx_launch_url == "" ? 0 : 1
  config_rule = var.config_rule ? 1 : 0
}

resource "aws_sns_topic" "drift" {
  name = "studio-local-mode-drift"
}

resource "aws_sns_topic_policy" "drift" {
  arn = aws_sns_topic.drift.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.drift.arn
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  count     = var.notification_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.drift.arn
  protocol  = "email"
  endpoint  = var.notification_email
}

# SageMaker accepted a CreateDomain or UpdateDomain call. Requires a CloudTrail trail with management events.
resource "aws_cloudwatch_event_rule" "domains" {
  name          = "studio-local-mode-domain-changes"
  event_pattern = file("${path.module}/event_pattern.json")
}

resource "aws_cloudwatch_event_target" "domains_topic" {
  rule      = aws_cloudwatch_event_rule.domains.name
  target_id = "topic"
  arn       = aws_sns_topic.drift.arn

  input_transformer {
    input_paths = {
      domain = "$.detail.responseElements.domainArn"
      call   = "$.detail.eventName"
      type   = "$.detail.userIdentity.type"
      who    = "$.detail.userIdentity.arn"
      time   = "$.detail.eventTime"
    }
    input_template = "\"<call> of the SageMaker domain <domain> by <who> (<type>) at <time>. Run the drift audit to see whether it has the requested settings.\""
  }
}

resource "aws_cloudwatch_event_target" "domains_awx" {
  count     = local.awx
  rule      = aws_cloudwatch_event_rule.domains.name
  target_id = "awx"
  arn       = aws_cloudwatch_event_api_destination.awx[0].arn
  role_arn  = aws_iam_role.awx[0].arn

  input_transformer {
    input_paths = {
      region = "$.region"
      domain = "$.detail.responseElements.domainArn"
    }
    input_template = "{\"extra_vars\": {\"domain_docker_access_domains\": \"<domain>\", \"domain_docker_access_region\": \"<region>\"}}"
  }
}

resource "aws_cloudwatch_event_connection" "awx" {
  count              = local.awx
  name               = "studio-local-mode-awx"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "Authorization"
      value = "Bearer ${var.awx_token}"
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "awx" {
  count                            = local.awx
  name                             = "studio-local-mode-drift-audit"
  connection_arn                   = aws_cloudwatch_event_connection.awx[0].arn
  http_method                      = "POST"
  invocation_endpoint              = var.awx_launch_url
  invocation_rate_limit_per_second = 1
}

resource "aws_iam_role" "awx" {
  count = local.awx
  name  = "studio-local-mode-launch-drift-audit"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "awx" {
  count = local.awx
  name  = "launch-the-drift-audit"
  role  = aws_iam_role.awx[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "events:InvokeApiDestination"
      Resource = aws_cloudwatch_event_api_destination.awx[0].arn
    }]
  })
}

resource "aws_config_config_rule" "docker_settings" {
  count       = local.config_rule
  name        = "studio-local-mode-docker-settings"
  description = "The SageMaker domains have the requested DockerSettings"
  depends_on  = [aws_lambda_permission.docker_settings]
  input_parameters = jsonencode({
    enable_docker_access      = var.enable_docker_access
    rootless_docker           = var.rootless_docker
    vpc_only_trusted_accounts = var.trusted_accounts
  })

  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = aws_lambda_function.docker_settings[0].arn

    source_detail {
      event_source                = "aws.config"
      message_type                = "ScheduledNotification"
      maximum_execution_frequency = "TwentyFour_Hours"
    }
  }
}

data "archive_file" "docker_settings" {
  type        = "zip"
  output_path = "${path.module}/config_rule.zip"

  source {
    content  = file("${path.module}/config_rule.py")
    filename = "index.py"
  }
}

resource "aws_lambda_function" "docker_settings" {
  count            = local.config_rule
  function_name    = "studio-local-mode-docker-settings"
  description      = "AWS Config rule about the DockerSettings of SageMaker domains"
  runtime          = "python3.13"
  handler          = "index.handler"
  timeout          = 300
  memory_size      = 256
  role             = aws_iam_role.docker_settings[0].arn
  filename         = data.archive_file.docker_settings.output_path
  source_code_hash = data.archive_file.docker_settings.output_base64sha256
}

resource "aws_lambda_permission" "docker_settings" {
  count          = local.config_rule
  function_name  = aws_lambda_function.docker_settings[0].function_name
  action         = "lambda:InvokeFunction"
  principal      = "config.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_iam_role" "docker_settings" {
  count = local.config_rule
  name  = "studio-local-mode-docker-settings"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "docker_settings_log" {
  count      = local.config_rule
  role       = aws_iam_role.docker_settings[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy" "docker_settings" {
  count = local.config_rule
  name  = "evaluate-docker-settings"
  role  = aws_iam_role.docker_settings[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sagemaker:ListDomains", "config:PutEvaluations"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "sagemaker:DescribeDomain"
        Resource = "arn:${data.aws_partition.current.partition}:sagemaker:*:${data.aws_caller_identity.current.account_id}:domain/*"
      },
    ]
  })
}

# A domain does not comply with the Config rule any more.
resource "aws_cloudwatch_event_rule" "docker_settings" {
  count = local.config_rule
  name  = "studio-local-mode-docker-settings"
  event_pattern = jsonencode({
    source      = ["aws.config"]
    detail-type = ["Config Rules Compliance Change"]
    detail = {
      configRuleName      = [aws_config_config_rule.docker_settings[0].name]
      newEvaluationResult = { complianceType = ["NON_COMPLIANT"] }
    }
  })
}

resource "aws_cloudwatch_event_target" "docker_settings_topic" {
  count     = local.config_rule
  rule      = aws_cloudwatch_event_rule.docker_settings[0].name
  target_id = "topic"
  arn       = aws_sns_topic.drift.arn

  input_transformer {
    input_paths = {
      account = "$.account"
      region  = "$.region"
      domain  = "$.detail.resourceId"
      problem = "$.detail.newEvaluationResult.annotation"
    }
    input_template = "\"The SageMaker domain <domain> in <region> of account <account> does not have the requested settings: <problem>.\""
  }
}

resource "aws_cloudwatch_event_target" "docker_settings_awx" {
  count     = local.config_rule * local.awx
  rule      = aws_cloudwatch_event_rule.docker_settings[0].name
  target_id = "awx"
  arn       = aws_cloudwatch_event_api_destination.awx[0].arn
  role_arn  = aws_iam_role.awx[0].arn

  input_transformer {
    input_paths = {
      region = "$.region"
      domain = "$.detail.resourceId"
    }
    input_template = "{\"extra_vars\": {\"domain_docker_access_domains\": \"<domain>\", \"domain_docker_access_region\": \"<region>\"}}"
  }
}

output "topic_arn" {
  value = aws_sns_topic.drift.arn
}
