/// What a file should hold, for the message that it cannot be read.
package enum WantedFile: String, Sendable {
    case records = "a file or folder of CloudTrail records"
    case event = "a file with an event, as in Events/"
    case accounts = "a JSON file that lists the accounts"
    case catalog = "a usage catalog in JSON"
    case series = "a file of timestamp,value lines"
    case package = "a folder of packages, as make package writes it"
}
