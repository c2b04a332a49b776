"""Show a ledger: one client bundle, used by `serve.app` and inside the file that `report.write_report` writes."""
