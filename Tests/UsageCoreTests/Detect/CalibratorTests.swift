import Glibc
import Testing

@testable import UsageCore

@Suite struct CalibratorTests {
    @Test func `ranks of ordinary values are uniform probabilities`() {
        withCalibrator { calibrator in
            var random = Xorshift32(seed: 1)
            var values = Xorshift32(seed: 2)
            var beyond = [0, 0]
            for index in 0..<4_000 {
                let surprise = calibrator.rank(Float(values.next()), random: &random)
                if index < 1_000 { continue }
                if surprise >= 1 { beyond[0] += 1 }
                if surprise >= 2 { beyond[1] += 1 }
            }
            #expect((200...400).contains(beyond[0]))
            #expect((10...60).contains(beyond[1]))
        }
    }

    @Test func `a value beyond all others is the rarer the further it lies`() {
        withCalibrator { calibrator in
            var random = Xorshift32(seed: 1)
            for index in 0..<1_000 {
                #expect(calibrator.rank(Float(index % 100), random: &random) < 3)
            }
            let far = calibrator.rank(101, random: &random)
            #expect(far > 3)
            #expect(calibrator.rank(100_000, random: &random) > far)
        }
    }

    @Test func `nothing is said about the first 150 values`() {
        withCalibrator { calibrator in
            var random = Xorshift32(seed: 1)
            for _ in 0..<149 {
                #expect(calibrator.rank(0, random: &random) == 0)
            }
            #expect(calibrator.rank(0, random: &random) == 0)
            #expect(calibrator.rank(1, random: &random) > 2)
        }
    }

    @Test func `halving the past at the horizon makes ordinary values no rarer`() {
        withCalibrator { calibrator in
            var random = Xorshift32(seed: 1)
            var values = Xorshift32(seed: 2)
            var rare = 0
            for index in 0..<100_000 {
                let surprise = calibrator.rank(Float(values.next() >> 8), random: &random)
                if index >= 32_000, surprise >= 2 { rare += 1 }
            }
            #expect(calibrator.count < 32_768)
            // One in a hundred of 68,000, give or take what a sample of 200 can miss.
            #expect((100...1_400).contains(rare), "\(rare)")
        }
    }

    private func withCalibrator(_ body: (Calibrator) -> Void) {
        var floats = [Float](repeating: 0, count: Calibrator.size)
        floats.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { body(Calibrator(at: base)) }
        }
    }
}
