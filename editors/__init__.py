"""The editors' site: accounts, record admins, forms, dashboard, merging, spreadsheets, inbox, withholding.

| package | content |
|---|---|
| `accounts` | login with second factors, ends of sessions, limits to countries, audit lines |
| `forms` | what admin classes share: fields, rows, conflicts, history, previews, warnings of duplicates |
| `records` | one module a domain: the admin classes themselves |
| `dashboard`, `inbox` | tasks with their counts; corrections to answer |
| `merging`, `spreadsheets` | two records made one; spreadsheets on their way in; both can be undone |
| `withholding` | taking somebody out of the directory, by one list of erasers |

May import all rooms below; nothing but `dataset` and the project imports it.
"""
