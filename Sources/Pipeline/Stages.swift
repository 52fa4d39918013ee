import UsageCore
